namespace Guichet.Hosting;

/// <summary>The database cannot be had. The message is for the person who runs the node: what happened and what to do.</summary>
public class DatabaseUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A running node of this machine holds the data folder.</summary>
public sealed class DataFolderInUseException(string folder)
    : DatabaseUnavailableException($"Another node is running on {folder}. Stop it first, or give this one a folder of its own in GUICHET_DATA.");
