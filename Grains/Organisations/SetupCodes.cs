using System.Security.Cryptography;
using Guichet.Journal;

namespace Guichet.Organisations;

/// <summary>
/// The codes that nodes print on their console while there is no organisation: they show that whoever sets up sees the machine, and not only
/// its network. Any node's code opens the wizard on every node.
/// </summary>
public sealed class SetupCodes(Database database, TimeProvider time)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 28;

    /// <returns>A code of 140 random bits, in groups of four that a person can type: <c>7K3M-…</c>.</returns>
    public async Task<string> Print(CancellationToken cancellation)
    {
        var code = RandomNumberGenerator.GetString(Alphabet, Length);
        await database.Execute(
            Database.Everyone, "INSERT INTO setup_codes (hash, printed_at) VALUES (@hash, @now)", new { hash = Secrets.Hash(code), now = time.GetUtcNow() }, cancellation);
        return string.Join('-', code.Chunk(4).Select(group => new string(group)));
    }

    public async Task<bool> IsOne(string? typed, CancellationToken cancellation) => Normalized(typed) is { Length: Length } code
        && await database.QueryFirst<bool>(
            Database.Everyone, "SELECT EXISTS (SELECT FROM setup_codes WHERE hash = @hash)", new { hash = Secrets.Hash(code) }, cancellation);

    /// <summary>The wizard is done: no code opens it again.</summary>
    public Task ForgetAll(CancellationToken cancellation) => database.Execute(Database.Everyone, "DELETE FROM setup_codes", null, cancellation);

    /// <summary>In capitals, without hyphens and blanks, with the letters that are taken for figures read as these.</summary>
    private static string Normalized(string? typed) => typed is null or { Length: > 100 }
        ? ""
        : string.Concat(typed.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)).Replace('O', '0').Replace('I', '1').Replace('L', '1');
}
