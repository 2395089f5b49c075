using Guichet.Journal;
using Guichet.Organisations;

namespace Guichet.Mail;

/// <summary>A mail to one address. It carries nothing secret: effects are stored. What must carry a secret has an effect of its own that makes it when sending.</summary>
[Alias("send-mail")]
public sealed record SendMail(string To, string? ToName, Letter Letter) : Effect;

/// <summary>A mail to each active operator of an organisation who has at least that role, in the language of each.</summary>
[Alias("mail-operators")]
public sealed record MailOperators(string ForOrganisation, Role AtLeast, Letter French, Letter English) : Effect;

public sealed class SendMailHandler(IMailTransport transport, PublicAddress address) : IEffectHandler<SendMail>
{
    public async Task Do(SendMail effect, EffectContext context, CancellationToken cancellation)
    {
        OutgoingMail mail;
        try
        {
            mail = new OutgoingMail(
                context.Id, effect.To, effect.ToName, effect.Letter.Subject, effect.Letter.ToText(address.Root), effect.Letter.ToHtml(address.Root));
        }
        catch (ArgumentException wrong)
        {
            throw new EffectImpossibleException(wrong.Message, wrong);
        }
        try
        {
            await transport.Send(mail, cancellation);
        }
        catch (MailRefusedException refused)
        {
            throw new EffectImpossibleException(refused.Message, refused);
        }
    }
}

/// <summary>Makes an effect of each mail, so that one address that can't be reached doesn't send the others' mail again.</summary>
public sealed class MailOperatorsHandler(IGrainFactory grains, EffectQueue queue) : IEffectHandler<MailOperators>
{
    public async Task Do(MailOperators effect, EffectContext context, CancellationToken cancellation)
    {
        var view = await grains.GetGrain<IOrganisationGrain>(OrganisationKey.Of(effect.ForOrganisation)).View()
            ?? throw new EffectImpossibleException("There is no such organisation.");
        await queue.Add(effect.ForOrganisation, context.Id, [.. view.Operators
            .Where(someone => someone.State == OperatorState.Active && someone.Role >= effect.AtLeast)
            .Select(someone => (someone.Id, (Effect)new SendMail(
                someone.Email, someone.Name, someone.Language == Language.English ? effect.English : effect.French)))], cancellation);
    }
}
