using Guichet.Hosting;

try
{
    return await (Command.Find(args)?.Invoke() ?? Node.RunAsync(args));
}
catch (Exception told) when (told is DatabaseUnavailableException or WrongSettingException)
{
    Console.Error.WriteLine(told.Message);
    return 1;
}
