Console.Error.WriteLine("The simulator runs on the embedded engine only (GrainEngine=Embedded).");
return 2;
