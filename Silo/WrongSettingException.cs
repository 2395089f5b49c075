namespace Guichet.Hosting;

/// <summary>A setting makes no sense. The message names it and says what it should be.</summary>
internal sealed class WrongSettingException(string message) : Exception(message);
