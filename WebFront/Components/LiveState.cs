namespace Guichet.Components;

public enum LiveState
{
    Live,
    Waiting,
    Behind,
    Suspended,
    Ended,
}
