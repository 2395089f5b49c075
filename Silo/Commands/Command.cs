using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Mail;
using Npgsql;

namespace Guichet.Hosting;

/// <summary>What the program does instead of running a node: <c>guichet live</c> and the like.</summary>
internal sealed record Command(string Usage, string Does, Func<CommandContext, Task<int>> Do)
{
    private static readonly Command[] all =
    [
        new("verify", "read the whole journal and check that nothing in it was changed, removed or added", VerifyAsync),
        new("backup FILE", "write everything into a file, while the node runs", BackupAsync),
        new("restore FILE", "bring a backup back, into an empty database", RestoreAsync),
        new("live", "say that this database is the live one, so that its node sends again", LiveAsync),
        new("mail ADDRESS", "send a test mail, to see that the mail settings work", MailAsync),
    ];

    /// <summary>The command that the first argument names, or null: then the program is to run a node.</summary>
    /// <remarks>Whatever isn't a setting (<c>--…</c>, <c>name=value</c>) and isn't known gets the list of what there is.</remarks>
    public static Func<Task<int>>? Find(string[] args)
    {
        if (args is not [var word, ..] || word.StartsWith("--", StringComparison.Ordinal) && word != "--help" || word.Contains('=', StringComparison.Ordinal))
            return null;
        return all.FirstOrDefault(command => command.Usage.Split(' ')[0] == word) is { } found
            ? () => found.RunAsync(args)
            : () => Task.FromResult(Help(word));
    }

    private async Task<int> RunAsync(string[] args)
    {
        var operands = args.Skip(1).TakeWhile(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToArray();
        if (operands.Length != Usage.Split(' ').Length - 1)
        {
            Console.Error.WriteLine($"Usage: guichet {Usage}");
            return 2;
        }
        var builder = WebApplication.CreateSlimBuilder();
        Settings.AddEnvironment(builder.Configuration, args[(1 + operands.Length)..]);
        var settings = Settings.From(builder.Configuration, builder.Environment);
        using var logs = LoggerFactory.Create(logging => Logs.Configure(logging, settings));
        try
        {
            return await Do(new CommandContext(settings, builder.Configuration, operands, logs.CreateLogger<Command>()));
        }
        catch (NpgsqlException failure)
        {
            Console.Error.WriteLine($"The database: {failure.Message}");
            return 1;
        }
    }

    private static int Help(string word)
    {
        if (word is not ("help" or "--help"))
            Console.Error.WriteLine($"There is no command {word}.");
        Console.WriteLine("Without a command, the program runs a node. The commands, which work beside a running node too:");
        foreach (var command in all)
            Console.WriteLine($"  guichet {command.Usage,-20} {command.Does}");
        return word is "help" or "--help" ? 0 : 2;
    }

    private static async Task<int> VerifyAsync(CommandContext context)
    {
        await using var database = await context.VisitAsync();
        HashSet<(string, string)> registered = [];
        try
        {
            registered = [.. (await new ErasureRegister(new ErasureRegisterOptions(context.Settings.Erasures)).Read()).Keys];
        }
        catch (ErasureRegisterException unreadable)
        {
            Console.Error.WriteLine($"The register of erasures can't be read, and so no redacted line is taken for one. {unreadable.Message}.");
        }
        var result = await JournalVerification.Run(database.Owner, GuichetGrains.StateTables, CancellationToken.None, registered);
        foreach (var fault in result.Faults)
            Console.Error.WriteLine(fault);
        Console.WriteLine($"{result.Lines} lines of {result.Aggregates} aggregates{(result.Redacted == 0 ? "" : $", {result.Redacted} of them redacted by erasures")}: {(result.Holds ? "the journal is whole" : "the journal has been tampered with, or damaged")}.");
        return result.Holds ? 0 : 1;
    }

    private static async Task<int> BackupAsync(CommandContext context)
    {
        var file = Path.GetFullPath(context.Operands[0]);
        if (File.Exists(file))
        {
            Console.Error.WriteLine($"{file} is there already. Name another file.");
            return 1;
        }
        await using var database = await context.VisitAsync();
        var rows = await Backup.WriteAsync(database.Owner, file, TimeProvider.System, CancellationToken.None);
        Console.WriteLine($"{rows} rows written to {file} ({new FileInfo(file).Length / 1024} KB). It holds personal data: keep it where only you can read it.");
        return 0;
    }

    private static async Task<int> RestoreAsync(CommandContext context)
    {
        await using var database = await NodeDatabase.VisitAsync(
            context.Settings.Database, context.Settings.Data, TimeProvider.System, context.Logger, CancellationToken.None);
        var rows = await Backup.RestoreAsync(database.Owner, Path.GetFullPath(context.Operands[0]), CancellationToken.None);
        Console.WriteLine($"{rows} rows restored. A node on this database sends nothing until you say, once the original is stopped for good: guichet live");
        return 0;
    }

    private static async Task<int> LiveAsync(CommandContext context)
    {
        await using var database = await context.VisitAsync();
        await LiveMarker.ConfirmAsync(database.Owner, CancellationToken.None);
        Console.WriteLine("This database is the live one. Its node sends again within seconds.");
        return 0;
    }

    private static async Task<int> MailAsync(CommandContext context)
    {
        if (MailSettings.Read(context.Configuration) is not { } server)
        {
            Console.Error.WriteLine("No mail server is configured: set GUICHET_MAIL_HOST and GUICHET_MAIL_FROM. Until then, mail goes into the data folder.");
            return 1;
        }
        try
        {
            var mail = new OutgoingMail(Guid.NewGuid(), context.Operands[0], null, "Guichet", "Ce message montre que Guichet peut envoyer du courrier.\nThis mail shows that Guichet can send mail.\n", html: null);
            await using var smtp = new SmtpMail(server, TimeProvider.System);
            var receipt = await smtp.Send(mail, CancellationToken.None);
            Console.WriteLine($"{server.Host}:{server.Port} took it: {receipt.Reply}");
        }
        catch (Exception refused) when (refused is MailRefusedException or MailDeferredException or MailInDoubtException or ArgumentException)
        {
            Console.Error.WriteLine($"{server.Host}:{server.Port} did not take it: {refused.Message}");
            return 1;
        }
        return 0;
    }
}

/// <summary>What a command works with.</summary>
/// <param name="Operands">What follows its name, as many as its usage names.</param>
internal sealed record CommandContext(Settings Settings, IConfiguration Configuration, string[] Operands, ILogger Logger)
{
    /// <summary>The database that a node works on, or has worked on.</summary>
    /// <exception cref="DatabaseUnavailableException">None has.</exception>
    public async Task<NodeDatabase> VisitAsync()
    {
        if (Settings.Database is null && !LocalPostgres.IsIn(Settings.Data))
            throw Unused();
        var database = await NodeDatabase.VisitAsync(Settings.Database, Settings.Data, TimeProvider.System, Logger, CancellationToken.None);
        if (await LiveMarker.IsInUseAsync(database.Owner, CancellationToken.None))
            return database;
        await database.DisposeAsync();
        throw Unused();
    }

    private DatabaseUnavailableException Unused() => new(
        $"No node has run on this database yet ({(Settings.Database is null ? Settings.Data : "the one in GUICHET_DATABASE")}). Name the right one in GUICHET_DATABASE or GUICHET_DATA.");
}
