using System.Globalization;

namespace Guichet.Hosting;

/// <summary>
/// What the node is told from outside. Each setting <c>Guichet:Some:Name</c> comes from the command line
/// (<c>--Guichet:Some:Name=…</c>), the environment (<c>GUICHET_SOME_NAME</c>) or <c>appsettings.json</c>, in this order.
/// </summary>
internal sealed record Settings
{
    /// <summary>Connection string of the owner of the database. None: the node runs a PostgreSQL of its own.</summary>
    public string? Database { get; private init; }

    /// <summary>The folder for what the node keeps outside of a database that was named to it.</summary>
    public required string Data { get; init; }

    /// <summary>
    /// The register of erasures: a file outside of the database, and of what is restored with it. Where nothing is said, <c>guichet-erasures</c>
    /// beside <see cref="Data"/>.
    /// </summary>
    public required string Erasures { get; init; }

    /// <summary>Where people reach the installation, for the links in its mails. None: where the node listens.</summary>
    public Uri? Address { get; private init; }

    /// <summary>One JSON object a line on the console, for a collector; else lines for a person.</summary>
    public bool JsonLogs { get; private init; }

    /// <summary>
    /// Make a demo house and a demo promoter where there is no organisation yet. When not said: in development, on the node's own database.
    /// </summary>
    public bool Demo { get; private init; }

    /// <summary>Webhooks may go to this machine, without TLS: to try them out. Never where others can set webhooks.</summary>
    public bool WebhooksToLoopback { get; private init; }

    /// <summary>When the node's clock begins, where that isn't now: in development only, to see what happens on another day.</summary>
    public DateTimeOffset? Clock { get; private init; }

    /// <summary>How long a node that was told to stop goes on answering, so that a load balancer notices that it isn't ready: 0 to 300 s.</summary>
    public required TimeSpan Drain { get; init; }

    public static Settings From(IConfiguration configuration, IHostEnvironment environment) => new()
    {
        Database = configuration["Guichet:Database"] is { Length: > 0 } named ? named : null,
        Data = DataIn(configuration, environment),
        Erasures = configuration["Guichet:Erasures"] is { Length: > 0 } register ? Path.GetFullPath(register) : Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(DataIn(configuration, environment))) ?? "/", "guichet-erasures"),
        Address = configuration["Guichet:Address"] switch
        {
            null or "" => null,
            var told when Uri.TryCreate(told, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" => new Uri(told),
            var other => throw new WrongSettingException($"Guichet:Address is '{other}': say the address that people open, https://… in full."),
        },
        JsonLogs = configuration["Guichet:Logs"] switch
        {
            "json" => true,
            "text" => false,
            null => !environment.IsDevelopment(),
            var other => throw new WrongSettingException($"Guichet:Logs is '{other}': say json or text."),
        },
        Drain = configuration["Guichet:Drain"] switch
        {
            null or "" => GrainEngine.Drain,
            var told when int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 300 => TimeSpan.FromSeconds(seconds),
            var other => throw new WrongSettingException($"Guichet:Drain is '{other}': say seconds, 0 to 300."),
        },
        Clock = configuration["Guichet:Clock"] switch
        {
            null or "" => null,
            _ when !environment.IsDevelopment() => throw new WrongSettingException("Guichet:Clock is for development: elsewhere a node's time is its machine's."),
            var told when MovableClock.TryRead(told, out var instant) => instant,
            var other => throw new WrongSettingException($"Guichet:Clock is '{other}': say an instant with its offset, 2027-03-02T10:00:00+01:00."),
        },
        WebhooksToLoopback = Said(configuration, "Guichet:Webhooks:Loopback") ?? false,
        Demo = Said(configuration, "Guichet:Demo") ?? (environment.IsDevelopment() && string.IsNullOrEmpty(configuration["Guichet:Database"])),
    };

    /// <summary>Reads the environment's <c>GUICHET_…</c> variables, below the command line and above everything else.</summary>
    public static void AddEnvironment(ConfigurationManager configuration, string[] args)
    {
        var variables = new Dictionary<string, string?>();
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            if (variable.Key is string name && name.StartsWith("GUICHET_", StringComparison.OrdinalIgnoreCase))
                variables[name.Replace('_', ':')] = variable.Value as string;
        configuration.AddInMemoryCollection(variables);
        configuration.AddCommandLine(args);
    }

    private static bool? Said(IConfiguration configuration, string name) => configuration[name] switch
    {
        null or "" => null,
        var said when bool.TryParse(said, out var wanted) => wanted,
        var other => throw new WrongSettingException($"{name} is '{other}': say true or false."),
    };

    private static string DataIn(IConfiguration configuration, IHostEnvironment environment) =>
        Path.GetFullPath(configuration["Guichet:Data"] ?? Path.Combine(Top(environment.ContentRootPath), "data"));

    /// <summary>The repository's top when run from anywhere in it, else the place itself.</summary>
    private static string Top(string place)
    {
        for (var folder = new DirectoryInfo(place); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
                return folder.FullName;
        return place;
    }
}
