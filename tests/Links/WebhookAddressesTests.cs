using System.Net;
using Guichet.Links;

namespace Guichet.Tests.Links;

public sealed class WebhookAddressesTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("3fff::1")]
    public void A_special_address_is_not_public(string address) => Assert.False(WebhookAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("172.15.0.1")]
    [InlineData("172.32.0.1")]
    [InlineData("192.167.1.1")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a01:e0a::1")]
    [InlineData("::ffff:1.1.1.1")]
    public void An_ordinary_address_is(string address) => Assert.True(WebhookAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData(null, "webhook-missing")]
    [InlineData(" ", "webhook-missing")]
    [InlineData("rennes.example", "webhook-invalid")]
    [InlineData("https://user:pass@1.1.1.1/", "webhook-invalid")]
    [InlineData("https://1.1.1.1/#x", "webhook-invalid")]
    [InlineData("http://1.1.1.1/", "webhook-not-https")]
    [InlineData("ftp://1.1.1.1/", "webhook-not-https")]
    [InlineData("file:///etc/passwd", "webhook-not-https")]
    [InlineData("https://10.0.0.1/", "webhook-private")]
    [InlineData("https://127.0.0.1/", "webhook-private")]
    [InlineData("https://2130706433/", "webhook-private")]
    [InlineData("https://0x7f.1/", "webhook-private")]
    [InlineData("https://[::1]/", "webhook-private")]
    [InlineData("https://[::ffff:169.254.169.254]/", "webhook-private")]
    [InlineData("https://localhost/", "webhook-private")]
    [InlineData("https://nowhere.invalid/", "webhook-unresolvable")]
    [InlineData("https://1.1.1.1/in?key=1", null)]
    public async Task A_webhook_goes_by_https_to_a_public_address(string? url, string? refusal) =>
        Assert.Equal(refusal, (await new WebhookAddresses(new WebhookOptions()).Check(url))?.Code);

    [Theory]
    [InlineData("http://127.0.0.1:9/", null)]
    [InlineData("https://localhost:9/", null)]
    [InlineData("http://1.1.1.1/", "webhook-private")]
    [InlineData("https://10.0.0.1/", "webhook-private")]
    public async Task Development_may_post_to_this_machine_and_to_no_other_private_one(string url, string? refusal) =>
        Assert.Equal(refusal, (await new WebhookAddresses(new WebhookOptions { AllowLoopback = true }).Check(url))?.Code);
}
