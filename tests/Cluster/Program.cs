using Guichet.Tests.Cluster;

try
{
    return await Runner.Run(args);
}
catch (TimeoutException late)
{
    // It never came back: that is a promise too.
    Console.Error.WriteLine(late);
    return 1;
}
