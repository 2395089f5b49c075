namespace Guichet.Components;

/// <summary>What a state means to its reader. Each tone has a shape of its own beside its colour, so that it reads in grey.</summary>
public enum Tone
{
    Neutral,
    Info,
    Good,
    Warn,
    Bad,
    Muted,
}

internal static class Tones
{
    public static string Class(this Tone tone) => tone switch
    {
        Tone.Info => "tone-info",
        Tone.Good => "tone-good",
        Tone.Warn => "tone-warn",
        Tone.Bad => "tone-bad",
        Tone.Muted => "tone-muted",
        _ => "tone-neutral",
    };

    public static string Icon(this Tone tone) => tone switch
    {
        Tone.Info => "info-circle",
        Tone.Good => "circle-check",
        Tone.Warn => "alert-triangle",
        Tone.Bad => "circle-x",
        Tone.Muted => "circle-dashed",
        _ => "point",
    };
}
