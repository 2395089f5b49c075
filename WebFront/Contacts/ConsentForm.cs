using System.Globalization;
using Guichet.Words;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Guichet.Contacts;

/// <summary>The proof of a consent, or of its withdrawal, as forms hold it.</summary>
internal static class ConsentForm
{
    private const string LocalMinute = "yyyy-MM-ddTHH:mm";

    /// <summary>The wall clock's minute in the organisation's zone, as the field <c>at</c> holds it.</summary>
    public static string Now(Formats formats, TimeProvider time) => formats.Local(time.GetUtcNow()).ToString(LocalMinute, CultureInfo.InvariantCulture);

    /// <summary>A time that can't be read is taken for one to come, which consents refuse by name.</summary>
    public static ConsentProof Read(IFormCollection form, Reader reader)
    {
        var at = DateTime.TryParseExact(form["at"], [LocalMinute, "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 1900 and < 9999
            ? reader.Formats.Zone.AtLeniently(LocalDateTime.FromDateTime(local)).ToInstant().ToDateTimeOffset()
            : DateTimeOffset.MaxValue;
        return new ConsentProof(at, form["where"].ToString(), form["wording"].ToString());
    }
}
