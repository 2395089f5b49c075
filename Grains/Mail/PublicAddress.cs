namespace Guichet.Mail;

/// <summary>
/// Where people reach this installation: what mails link to. Set by the host from its configuration, else from where it listens; never from
/// a request, whose <c>Host</c> header anyone can choose.
/// </summary>
public sealed class PublicAddress
{
    private Uri root = new("http://localhost/");

    /// <summary>Ends in a slash.</summary>
    public Uri Root
    {
        get => root;
        set => root = value.AbsoluteUri.EndsWith('/') ? value : new Uri(value.AbsoluteUri + "/");
    }
}
