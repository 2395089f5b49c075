using Guichet.Mail;
using Microsoft.AspNetCore.Identity;

namespace Guichet.Organisations;

/// <summary>Hashing of what people choose, by ASP.NET Core Identity's hasher. Slow on purpose, so only a few at once: the rest of the node must stay quick.</summary>
public sealed class Passwords
{
    public const int Shortest = 10;
    public const int Longest = 200;
    private const int FewestDifferent = 5;

    private readonly PasswordHasher<object> hasher = new();
    private readonly SemaphoreSlim together = new(Math.Max(1, Environment.ProcessorCount));
    private readonly string ofNobody;

    public Passwords() => ofNobody = hasher.HashPassword(this, Secrets.New());

    /// <summary>Why it may not be this person's password; null when it may.</summary>
    public static Refusal? Refused(string? password, string email, string name) => password switch
    {
        null or { Length: < Shortest } => Refusal.Of("password-too-short", "password", OrganisationRules.Text(Shortest)),
        { Length: > Longest } => Refusal.Of("password-too-long", "password", OrganisationRules.Text(Longest)),
        _ when password.Distinct().Count() < FewestDifferent => Refusal.Of("password-too-simple", "password"),
        _ when Same(password, email) || Same(password, name) || Same(password, email[..Math.Max(0, email.LastIndexOf('@'))]) =>
            Refusal.Of("password-too-simple", "password"),
        _ => null,
    };

    public async Task<SecretHash> Hash(string password, CancellationToken cancellation)
    {
        await together.WaitAsync(cancellation);
        try
        {
            return new SecretHash(hasher.HashPassword(this, password));
        }
        finally
        {
            together.Release();
        }
    }

    /// <param name="hash">Null where there is nobody: takes as long, and is never right.</param>
    public async Task<bool> Fits(string? hash, string password, CancellationToken cancellation)
    {
        await together.WaitAsync(cancellation);
        try
        {
            // Longer ones can't have been set; hashing what anyone sends would cost what they choose.
            var given = password.Length > Longest ? "" : password;
            return hasher.VerifyHashedPassword(this, hash ?? ofNobody, given) != PasswordVerificationResult.Failed && hash is not null;
        }
        finally
        {
            together.Release();
        }
    }

    private static bool Same(string password, string other) => EmailAddress.Normalized(password) == EmailAddress.Normalized(other);
}
