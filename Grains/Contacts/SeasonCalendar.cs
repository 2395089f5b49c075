namespace Guichet.Contacts;

/// <summary>When an organisation's seasons begin: the first of one month, every year.</summary>
/// <param name="FirstMonth">1 to 12; <see cref="Usual"/> unless the organisation says otherwise.</param>
public readonly record struct SeasonCalendar(int FirstMonth)
{
    /// <summary>September.</summary>
    public const int Usual = 9;

    /// <summary>By the year in which it begins.</summary>
    public int SeasonOf(DateOnly day) => day.Month >= FirstMonth ? day.Year : day.Year - 1;

    public DateOnly FirstDay(int season) => new(season, FirstMonth, 1);

    public DateOnly LastDay(int season) => FirstDay(season + 1).AddDays(-1);

    /// <summary><c>2026-2027</c>, or <c>2026</c> where seasons are years.</summary>
    public string NameOf(int season) => FirstMonth == 1 ? $"{season:0000}" : $"{season:0000}-{season + 1:0000}";
}
