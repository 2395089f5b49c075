using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Guichet.Organisations;
using Guichet.Simulation;
using Guichet.Support;

namespace Guichet.Tests.Cluster;

/// <summary>A program with a token of its own.</summary>
internal sealed record Feed(string Id, string Name, string Secret);

/// <summary>An organisation of the run, and what its people and programs sign in with.</summary>
internal sealed record Office(House House, Tenant Tenant, ImmutableArray<Feed> Feeds)
{
    /// <summary>Founded as the product does, on a node in this process; <paramref name="feeds"/> programs get a token.</summary>
    public static async Task<Office> Found(TestNode node, string name, int feeds)
    {
        var house = new House(name.ToLowerInvariant(), name);
        var tenant = await Tenant.Found(node, house.Id, name, listed: true);
        var grain = node.Grains.GetGrain<IOrganisationGrain>(OrganisationKey.Of(house.Id));
        var programs = ImmutableArray.CreateBuilder<Feed>();
        for (var i = 0; i < feeds; i++)
        {
            var (id, title) = (Ids.New(TimeProvider.System), $"Feed {i}");
            programs.Add(new Feed(id, title, await Tenant.MakeToken(grain, tenant.Administrator, Role.BoxOffice, id, title)));
        }
        return new Office(house, tenant, programs.ToImmutable());
    }
}

/// <summary>A person's browser, without its scripts: keeps cookies and fills in forms.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly Client client;

    public Browser(Uri address, Office office, Ledger ledger, Evidence evidence)
    {
        var cookies = new CookieContainer();
        cookies.Add(address, new Cookie("guichet-session", office.Tenant.Cookie));
        client = new Client(address, ledger, evidence, cookies);
    }

    public Client Client => client;

    public Task<Reply?> Open(string path) => client.Get(path);

    /// <summary>
    /// Sends one of a page's forms with its hidden fields; null when there is no such form (or nobody answered). Sent again it is the same
    /// command, since that is among the fields.
    /// </summary>
    /// <param name="means">Called with the command's id before it is sent.</param>
    public async Task<(Guid Command, Reply Reply)?> Submit(Reply page, string path, string form, (string Name, string Value)[] fields, Action<Guid>? means = null)
    {
        var found = Forms().Matches(page.Text).FirstOrDefault(one => one.Groups[2].Value.Contains($"name=\"_handler\" value=\"{form}\"", StringComparison.Ordinal));
        if (found is null) return null;
        var sent = Hidden().Matches(found.Groups[2].Value).Select(match => match.Value)
            .Select(tag => KeyValuePair.Create(Attribute(tag, "name"), Attribute(tag, "value")))
            .Where(one => fields.All(field => field.Name != one.Key)).ToList();
        var command = sent.FirstOrDefault(one => one.Key == "command").Value;
        sent.AddRange(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        var target = Attribute(found.Groups[1].Value, "action") is { Length: > 0 } given ? given : path;
        _ = Guid.TryParse(command, out var id);
        means?.Invoke(id);
        return await client.Post(target, sent) is { } reply ? (id, reply) : null;
    }

    public void Dispose() => client.Dispose();

    private static string Attribute(string tag, string name) => WebUtility.HtmlDecode(Regex.Match(tag, $"\\b{name}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<form([^>]*)>(.*?)</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
    private static partial Regex Hidden();
}
