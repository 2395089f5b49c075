System.Console.Error.WriteLine("This is run without -p:GrainEngine=Orleans: it builds the nodes on Orleans by itself.");
return 2;
