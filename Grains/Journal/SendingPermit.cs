namespace Guichet.Journal;

/// <summary>
/// Whether this node may send anything outside: mail, messages, webhooks. Not granted on a copy of the database, whose
/// original sends the same (<c>guichet live</c> says which one is live). What leaves waits in the outbox meanwhile.
/// </summary>
public sealed class SendingPermit
{
    volatile bool granted;

    public bool Granted => granted;

    public void Grant() => granted = true;
}
