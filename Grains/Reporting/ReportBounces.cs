using Guichet.Feed;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Organisations;
using Orleans.Streams;

namespace Guichet.Reporting;

public enum BounceResult
{
    /// <summary>No mail of those that the caller may speak of has that token.</summary>
    Unknown = 0,

    /// <summary>It is written down that the mail came back; also when it was before.</summary>
    Bounced = 1,

    /// <summary>The mail was sent again since, or nobody took it: what came back says nothing new.</summary>
    Superseded = 2,
}

/// <summary>Mails that came back after a server had taken them.</summary>
public sealed class ReportBounces(Database database, ReportFailures failures, IClusterClient cluster, TimeProvider time)
{
    /// <summary>Once or many times: the first reason stays.</summary>
    /// <param name="organisation">Whose mails the caller may speak of. Who runs the installation has the bounces of all of them.</param>
    /// <param name="token">Of the address that it came back to.</param>
    /// <param name="reason">On one line; null where none was said.</param>
    public async Task<BounceResult> CameBack(string organisation, string token, string? reason, CancellationToken cancellation)
    {
        const string find = """
            SELECT e.organisation, e.run_id, e.partner_id, e.position, e.round, d.test, p.name AS partner
            FROM report_envelopes e
            JOIN report_deliveries d ON d.organisation = e.organisation AND d.partner_id = e.partner_id AND d.run_id = e.run_id
            JOIN partners p ON p.organisation = e.organisation AND p.id = e.partner_id
            WHERE e.hash = @hash AND (e.organisation = @organisation OR EXISTS (SELECT FROM installation_administrators WHERE organisation = @organisation))
            """;
        if (!Secrets.IsFormedShort(token)
            || await database.QueryFirst<Envelope>(Database.Everyone, find, new { hash = Secrets.Hash(token), organisation }, cancellation) is not { } mail) return BounceResult.Unknown;
        var now = time.GetUtcNow();
        var of = new { organisation = mail.Organisation, run = mail.Run_Id, partner = mail.Partner_Id, position = mail.Position, round = mail.Round, reason, now = now.UtcDateTime };
        // From here on whatever the caller does: half of it would be a mail that came back and an envelope that doesn't know.
        await database.Execute(mail.Organisation, $"""
            {ReportFailures.Lock};
            UPDATE report_recipients SET state = 'bounced', reply = coalesce(@reason, reply), moved_at = @now
            WHERE organisation = @organisation AND run_id = @run AND partner_id = @partner AND position = @position AND round = @round AND state IN ('handedOver', 'inDoubt', 'sending');
            {ReportFailures.Again}
            """, of);
        var state = await database.QueryFirst<string>(
            mail.Organisation, "SELECT state FROM report_recipients WHERE organisation = @organisation AND run_id = @run AND partner_id = @partner AND position = @position AND round = @round", of, cancellation);
        if (state != "bounced") return BounceResult.Superseded;
        if (!mail.Test) await failures.Happened(mail.Organisation, mail.Partner_Id, mail.Partner, mail.Run_Id, reason ?? "", arrivedBefore: true);
        var feed = cluster.GetStreamProvider(LiveStreams.Provider).Feed(mail.Organisation);
        await feed.OnNextAsync(new ReportRunMoved(mail.Organisation, now, mail.Run_Id));
        await feed.OnNextAsync(new PartnerChanged(mail.Organisation, now, mail.Partner_Id));
        return BounceResult.Bounced;
    }

    private sealed record Envelope(string Organisation, string Run_Id, string Partner_Id, int Position, int Round, bool Test, string Partner);
}
