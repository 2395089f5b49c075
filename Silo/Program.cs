using Guichet.Hosting;

try
{
    return await (Command.Find(args)?.Invoke() ?? Node.RunAsync(args));
}
catch (DatabaseUnavailableException unavailable)
{
    Console.Error.WriteLine(unavailable.Message);
    return 1;
}
