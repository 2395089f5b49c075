using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace Guichet.Organisations;

/// <summary>
/// Where ASP.NET Core's data protection keeps its keys, so that a form rendered by one node is accepted by another, and after a restart.
/// The framework asks seldom, and not asynchronously.
/// </summary>
internal sealed class KeysInDatabase(NpgsqlDataSource source, TimeProvider time) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = source.CreateCommand("SELECT xml FROM protection_keys ORDER BY name");
        using var reader = command.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read()) keys.Add(XElement.Parse(reader.GetString(0)));
        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = source.CreateCommand("INSERT INTO protection_keys (name, xml, made_at) VALUES ($1, $2, $3)");
        command.Parameters.Add(new() { Value = friendlyName });
        command.Parameters.Add(new() { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        command.ExecuteNonQuery();
    }
}
