namespace Guichet.Links;

/// <summary>
/// The handshake of two organisations over one session's tallies, and its states. Its key is <c>{sender organisation}/{link id}</c>;
/// both parties call it, so it checks by itself which of the two a caller is and what is theirs to do. To anyone else no link is there.
/// </summary>
[Alias("link-grain")]
public interface ILinkGrain : IGrainWithStringKey
{
    /// <summary>As the caller's side sees it; null when there is no such link, or the caller is no party to it.</summary>
    [Requires(Role.Reader, OpenToCounterpart = true), Orleans.Concurrency.ReadOnly]
    Task<LinkView?> View();

    [Requires(Role.BoxOffice, OpenToCounterpart = true)]
    Task<Outcome<Done>> Request(RequestLink command);

    [Requires(Role.BoxOffice, OpenToCounterpart = true)]
    Task<Outcome<Done>> Accept(AcceptLink command);

    [Requires(Role.BoxOffice, OpenToCounterpart = true)]
    Task<Outcome<Done>> Refuse(RefuseLink command);

    [Requires(Role.BoxOffice, OpenToCounterpart = true)]
    Task<Outcome<Done>> Withdraw(WithdrawLink command);

    [Requires(Role.BoxOffice, OpenToCounterpart = true)]
    Task<Outcome<Done>> Suspend(SuspendLink command);

    [Requires(Role.BoxOffice, OpenToCounterpart = true)]
    Task<Outcome<Done>> Resume(ResumeLink command);

    [Requires(Role.BoxOffice, OpenToCounterpart = true)]
    Task<Outcome<Done>> Cancel(CancelLink command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> RotateSecret(RotateLinkSecret command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> ChangeWebhook(ChangeLinkWebhook command);

    /// <summary>What the sessions should be told now; null before acceptance.</summary>
    [SystemOnly]
    Task<LinkSettlement?> Settlement();

    [SystemOnly]
    Task<Outcome<Done>> Expire(ExpireLink command);

    [SystemOnly]
    Task<Outcome<Done>> ConfirmSettled(ConfirmLinkSettled command);

    [SystemOnly]
    Task<Outcome<Done>> ReportRefusal(ReportSessionRefusal command);

    [SystemOnly]
    Task<Outcome<Done>> RecordDelivery(RecordLinkDelivery command);

    [SystemOnly]
    Task<Outcome<Done>> RecordDeliveryFailure(RecordLinkDeliveryFailure command);

    [SystemOnly]
    Task<Outcome<Done>> RefreshSession(RefreshLinkSession command);
}

public enum WebhookAnswer
{
    /// <summary>The counterpart has the current version (just now, or already).</summary>
    Delivered = 0,

    /// <summary>Nothing is to be sent: the link isn't live, or there is no tally yet.</summary>
    NothingToSend = 1,

    /// <summary>It didn't take it: try again later.</summary>
    Failed = 2,
}

/// <summary>
/// Sends one link's tallies to its webhook, one at a time, so that versions leave in order. Its key is the link's.
/// </summary>
[Alias("link-webhook-grain")]
public interface ILinkWebhookGrain : IGrainWithStringKey
{
    /// <summary>Posts the current version unless the counterpart has it.</summary>
    [SystemOnly]
    Task<WebhookAnswer> Deliver();
}
