using Guichet.Partners;

namespace Guichet.Tests.Partners;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" ; ,\n", "")]
    [InlineData("a@b.example", "a@b.example")]
    [InlineData("a@b.example, c@d.example;e@f.example\r\ng@h.example", "a@b.example|c@d.example|e@f.example|g@h.example")]
    [InlineData("Claire Morin <claire@b.example>; c@d.example", "Claire Morin=claire@b.example|c@d.example")]
    [InlineData("\"Morin, Claire\" <claire@b.example>, c@d.example", "Morin, Claire=claire@b.example|c@d.example")]
    [InlineData("\"a@b.example, c@d.example", "\"a@b.example|c@d.example")]
    [InlineData("<a@b.example>", "a@b.example")]
    [InlineData("Claire <claire@b.example", "Claire <claire@b.example")]
    [InlineData("pas une adresse", "pas une adresse")]
    public void Pasted_addresses_are_parted(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', AddressText.Split(text, RecipientKind.To).Select(address => address.Name is null ? address.Email : $"{address.Name}={address.Email}")));

    [Fact]
    public void The_name_beside_is_of_a_single_address_that_has_none()
    {
        Assert.Equal("Claire", Assert.Single(AddressText.Split("a@b.example", RecipientKind.Cc, " Claire ")).Name);
        Assert.Equal("Paul", Assert.Single(AddressText.Split("Paul <a@b.example>", RecipientKind.To, "Claire")).Name);
        Assert.All(AddressText.Split("a@b.example, c@d.example", RecipientKind.To, "Claire"), address => Assert.Null(address.Name));
    }
}
