using System.Collections.Immutable;
using System.Globalization;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Organisations;

namespace Guichet.Links;

/// <summary>The mails to a counterpart outside Guichet, in the language that its sender chose for it.</summary>
public sealed class MailOutsideLinkHandler(IGrainFactory grains, ILinkLookups lookups, IEffectHandler<SendMail> mails) : IEffectHandler<MailOutsideLink>
{
    public async Task Do(MailOutsideLink effect, EffectContext context, CancellationToken cancellation)
    {
        using var caller = Caller.As(Actor.System("links", context.Organisation));
        // The link's own commit asked for this mail: where the link isn't known yet, it will be.
        var link = await grains.GetGrain<ILinkGrain>(GrainKey.Of(context.Organisation, effect.LinkId)).View()
            ?? throw new TryAgainException($"Link {effect.LinkId} isn't known here yet.");
        if (link.Outside is not { } outside) return;
        var token = outside.Delivery == OutsideDelivery.Address ? await lookups.Secret(context.Organisation, effect.LinkId, cancellation) : null;
        // An address that is no more (the link ended before its mail was sent) is not worth a mail; its end will say so.
        if (effect.Letter != OutsideLetter.Ended && outside.Delivery == OutsideDelivery.Address && token is null) return;
        var letter = outside.Language == Language.English ? English(effect.Letter, link, outside, token) : French(effect.Letter, link, outside, token);
        try
        {
            await mails.Do(new SendMail(outside.Email, link.Receiver.Name, letter), context, cancellation);
        }
        catch (EffectImpossibleException refused)
        {
            await Note(refused.Message);
            throw;
        }
        await Note(null);

        // What contacts were sent is found by this: nothing else keeps what a letter said of itself.
        Task Note(string? refused) => lookups.NoteLetter(context.Organisation, context.Id, new SentLetter(effect.LinkId, outside.Email, letter.Subject, refused));
    }

    private static Letter French(OutsideLetter kind, LinkView link, OutsideView outside, string? token)
    {
        var session = new LinkNews.Session(link.Session, null).In(CultureInfo.GetCultureInfo("fr-FR"));
        var sender = link.Sender.Name;
        const string footer = "Vous recevez ce message parce que cette structure a donné votre adresse pour partager ses pointages avec vous.";
        return kind switch
        {
            OutsideLetter.Given when token is not null => new Letter("fr", LinkNews.OneLine($"{sender} vous ouvre ses pointages"),
                [$"{sender} vous ouvre en direct les pointages de {session}.", .. Said(link, "« ", " »"),
                 "À l’adresse ci-dessous, un fichier CSV toujours à jour, que lit un tableur ou un programme. Elle vaut mot de passe : ne la transmettez pas."],
                "Ouvrir les pointages", LinkAddress.PathOf(token), footer),
            OutsideLetter.Given => new Letter("fr", LinkNews.OneLine($"{sender} vous envoie ses pointages"),
                [$"{sender} vous envoie en direct les pointages de {session}.", .. Said(link, "« ", " »"),
                 $"Chaque version validée est envoyée à {outside.Url}, en JSON, signée par l’en-tête {Webhook.SignatureHeader} (HMAC-SHA256). {sender} vous donne la clé de signature par un autre moyen."],
                null, null, footer),
            OutsideLetter.AddressChanged => new Letter("fr", LinkNews.OneLine($"Nouvelle adresse pour les pointages de {sender}"),
                [$"L’adresse des pointages de {session} a changé ; l’ancienne ne répond plus."], "Ouvrir les pointages", LinkAddress.PathOf(token!), footer),
            _ => new Letter("fr", LinkNews.OneLine($"{sender} ne partage plus ces pointages"),
                [$"{sender} a mis fin au partage des pointages de {session}. Rien n’est plus envoyé, et l’adresse donnée ne répond plus."], null, null, footer),
        };
    }

    private static Letter English(OutsideLetter kind, LinkView link, OutsideView outside, string? token)
    {
        var session = new LinkNews.Session(link.Session, null).In(CultureInfo.GetCultureInfo("en-GB"));
        var sender = link.Sender.Name;
        const string footer = "You get this mail because this organisation gave your address to share its tallies with you.";
        return kind switch
        {
            OutsideLetter.Given when token is not null => new Letter("en", LinkNews.OneLine($"{sender} opens its tallies to you"),
                [$"{sender} opens the tallies of {session} to you, live.", .. Said(link, "“", "”"),
                 "At the address below there is a CSV file, always up to date, for a spreadsheet or a program. It is as good as a password: don’t pass it on."],
                "Open the tallies", LinkAddress.PathOf(token), footer),
            OutsideLetter.Given => new Letter("en", LinkNews.OneLine($"{sender} sends you its tallies"),
                [$"{sender} sends you the tallies of {session}, live.", .. Said(link, "“", "”"),
                 $"Each validated version is posted to {outside.Url} as JSON, signed in the header {Webhook.SignatureHeader} (HMAC-SHA256). {sender} gives you the signing secret by other means."],
                null, null, footer),
            OutsideLetter.AddressChanged => new Letter("en", LinkNews.OneLine($"A new address for the tallies of {sender}"),
                [$"The address of the tallies of {session} has changed; the one before answers no more."], "Open the tallies", LinkAddress.PathOf(token!), footer),
            _ => new Letter("en", LinkNews.OneLine($"{sender} no longer shares these tallies"),
                [$"{sender} has ended the sharing of the tallies of {session}. Nothing is sent any more, and the address that was given answers no more."], null, null, footer),
        };
    }

    private static ImmutableArray<string> Said(LinkView link, string open, string close) => link.Message is null ? [] : [$"{open}{link.Message}{close}"];
}
