using Guichet;
using Guichet.Commands;
using Guichet.Database;

try
{
    return await (Command.Find(args)?.Invoke() ?? Node.RunAsync(args));
}
catch (DatabaseUnavailableException unavailable)
{
    Console.Error.WriteLine(unavailable.Message);
    return 1;
}
