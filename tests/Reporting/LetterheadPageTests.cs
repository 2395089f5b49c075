using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Guichet.Reporting;
using Guichet.Support;

namespace Guichet.Tests.Reporting;

/// <summary>Memory is the whole process's: what measures it runs by itself.</summary>
[CollectionDefinition("memory", DisableParallelization = true)]
public sealed class MeasuresMemory;

/// <summary>A logo as a browser sends it.</summary>
[Collection("memory")]
public sealed partial class LetterheadPageTests : IAsyncLifetime
{
    private readonly TestDatabase database = new();
    private TestNode node = null!;
    private Tenant house = null!;

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        node = await TestNode.Start(database.Product);
        house = await Tenant.Found(node, "house", "Théâtre du Port");
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
        Assert.True(node.Failures.ToString().Length == 0, node.Failures.ToString());
    }

    [Fact]
    public async Task A_logo_of_fifty_megabytes_is_refused_by_a_sentence_and_kept_in_no_memory()
    {
        // The form and everything that a first request brings up.
        Assert.Contains("pas une image PNG ou JPEG", await Upload(1_000), StringComparison.Ordinal);
        GC.Collect();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var said = await Upload(50_000_000);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Contains("Cette image pèse", said, StringComparison.Ordinal);
        Assert.Contains("1\u00A0Mo au plus", said, StringComparison.Ordinal);
        // Far less than the file, and it would be the file itself if anybody held it.
        Assert.True(allocated < 25_000_000, $"{allocated:N0} bytes were allocated for it.");
        using (Caller.As(house.Administrator)) Assert.Null((await house.Grain<ILetterheadGrain>(node, LetterheadKey.Id).View()).Logo);
    }

    private async Task<string> Upload(int bytes)
    {
        using var browser = node.Browser(null);
        using var page = new HttpRequestMessage(HttpMethod.Get, "/reports/letterhead");
        page.Headers.Add("Cookie", $"guichet-session={house.Cookie}");
        page.Headers.AcceptLanguage.ParseAdd("fr");
        using var shown = await browser.SendAsync(page);
        var text = await shown.Content.ReadAsStringAsync();
        var cookie = shown.Headers.GetValues("Set-Cookie").Single(one => one.StartsWith("guichet-form=", StringComparison.Ordinal)).Split(';')[0];
        using var form = new MultipartFormDataContent
        {
            { new StringContent("logo"), "_handler" },
            { new StringContent(FormToken().Match(text).Groups[1].Value), "form-token" },
            { new StringContent(Guid.NewGuid().ToString()), "command" },
        };
        var file = new StreamContent(new Zeros(bytes));
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        form.Add(file, "logo", "logo.png");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/reports/letterhead") { Content = form };
        request.Headers.Add("Cookie", $"guichet-session={house.Cookie}; {cookie}");
        request.Headers.AcceptLanguage.ParseAdd("fr");
        using var answer = await browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("name=\"form-token\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    /// <summary>A file of that length that is nowhere.</summary>
    private sealed class Zeros(int length) : Stream
    {
        private long at;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => length;

        public override long Position
        {
            get => at;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - at);
            buffer.AsSpan(offset, read).Clear();
            at += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
