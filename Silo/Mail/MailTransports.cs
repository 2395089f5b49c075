using Guichet.Hosting;

namespace Guichet.Mail;

/// <summary>Chooses how mail leaves: to the server that is configured, else into <c>mail/</c> of the data folder.</summary>
internal static class MailTransports
{
    public static void AddMailTransport(this WebApplicationBuilder builder, Settings settings)
    {
        builder.Services.AddSingleton(MailSettings.ReadBounces(builder.Configuration));
        if (MailSettings.Read(builder.Configuration) is { } server)
        {
            // By its maker, so that the host leaves the server in order when it stops.
            builder.Services.AddSingleton<IMailTransport>(services => new SmtpMail(server, services.GetRequiredService<TimeProvider>()));
            return;
        }
        var folder = Path.Combine(settings.Data, "mail");
        builder.Services.AddSingleton<IMailTransport>(new MailFolder(folder));
        // It holds everybody's mail: shown where the product is tried or built, not where it is used.
        if (builder.Environment.IsDevelopment())
            builder.Services.AddSingleton(new Mailbox(folder));
    }
}
