using Guichet.Shell;

var builder = WebApplication.CreateBuilder(args);
builder.AddWebFront();
var app = builder.Build();
app.MapWebFront();
app.Run();
