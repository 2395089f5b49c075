using System.Text.Json;
using Guichet.Organisations;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Contacts;

/// <summary>What the screens of contacts need beside their pages.</summary>
internal static class ContactsScreens
{
    public static void AddContactsScreens(this IServiceCollection services) => Imports.ContactImportActs.AddContactImportActs(services.AddScoped<ContactExports.Exporter>());

    public static void MapContactsScreens(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/contacts/find", Find).RequireAuthorization(AtLeastAttribute.PolicyFor(Role.Reader)).ExcludeFromDescription();
        routes.MapContactExports();
    }

    /// <summary>As it stands in addresses: <c>individual</c>, <c>producer</c>.</summary>
    public static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>Null for what isn't one of them.</summary>
    public static T? Read<T>(string? name) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (string.Equals(Name(value), name, StringComparison.OrdinalIgnoreCase)) return value;
        return null;
    }

    /// <summary>What a picker shows for what is typed in it.</summary>
    private static async Task<IResult> Find(string? q, string? kind, string? type, ContactQueries contacts, CurrentActor current, Reader reader, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (string.IsNullOrWhiteSpace(q)) return Results.Json(Array.Empty<object>());
        var filter = new ContactFilter(q, Read<ContactKind>(kind), Read<ContactType>(type) is { } only ? [only] : [], Limit: ContactPicker.Lines);
        var found = await contacts.Search(current.Organisation, filter, reader.Formats.Today, http.RequestAborted);
        return Results.Json(found.Rows.Select(row => new { Value = row.Id, Text = row.Line }));
    }
}
