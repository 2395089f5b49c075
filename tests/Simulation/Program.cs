using Guichet.Simulation;

return Runner.Run(args);
