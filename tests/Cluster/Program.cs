using Guichet.Tests.Cluster;

return await Runner.Run(args);
