namespace Guichet.Tests.Api;

/// <summary>Bodies as programs send them.</summary>
internal static class Sent
{
    public static object Session(string show, string place = "Théâtre du Port", string start = "2026-12-04T20:30:00", string? series = null, bool onSale = true) => new
    {
        show,
        series,
        place,
        start,
        zone = "Europe/Paris",
        currency = "EUR",
        categories = new[] { new { code = "or", name = "Carré or", capacity = 100 }, new { code = "balcon", name = "Balcon", capacity = 50 } },
        tariffs = new[] { new { code = "plein", name = "Plein", price = Euros("45.00") }, new { code = "reduit", name = "Réduit", price = Euros("30") } },
        channels = new[] { new { code = "guichet", name = "Guichet" } },
        onSale,
    };

    public static object Euros(string amount) => new { amount, currency = "EUR" };

    public static object Line(int sold, string category = "or", string? gross = null) =>
        new { category, tariff = "plein", channel = "guichet", sold, gross = gross is null ? null : Euros(gross) };

    public static object Tally(params object[] lines) => new { lines };
}
