using Microsoft.AspNetCore.Http;

namespace Guichet.Components;

public sealed class ListViewTests
{
    [Fact]
    public void An_address_says_what_is_shown_and_how()
    {
        var view = Of("?q=%20moli%C3%A8re%20&state=OnSale&empty=&sort=-sold&columns=title,sold&page=3&tab=links");
        Assert.Equal("molière", view.Search);
        Assert.Equal("OnSale", view.Filter("state"));
        Assert.Equal("", view.Filter("empty"));
        Assert.Equal("", view.Filter("tab"));
        Assert.Equal(("sold", true), (view.Sort, view.Descending));
        Assert.Equal(["title", "sold"], view.Columns!);
        Assert.Equal((3, 200, 100), (view.Page, view.Offset, view.Limit));
        Assert.True(view.IsNarrowed);
    }

    [Fact]
    public void A_bare_address_shows_the_list_in_its_own_order()
    {
        var view = Of("");
        Assert.Equal(("date", false, 1), (view.Sort, view.Descending, view.Page));
        Assert.Null(view.Columns);
        Assert.False(view.IsNarrowed);
    }

    [Theory]
    [InlineData("?page=0", 1)]
    [InlineData("?page=-4", 1)]
    [InlineData("?page=99999999999999999999", 1)]
    [InlineData("?page=abc", 1)]
    [InlineData("?page=2000000", 100_000)]
    public void A_page_that_makes_no_sense_is_brought_to_one_that_does(string query, int page) => Assert.Equal(page, Of(query).Page);

    [Fact]
    public void Sorting_again_turns_the_order_round_and_goes_back_to_the_first_page()
    {
        var view = Of("?sort=sold&page=4&state=OnSale");
        Assert.Equal("/sessions?sort=-sold&state=OnSale", view.SortedBy("sold", true));
        Assert.Equal("/sessions?sort=-gross&state=OnSale", view.SortedBy("gross", true));
        Assert.Equal("/sessions?sort=title&state=OnSale", view.SortedBy("title", false));
    }

    [Fact]
    public void Every_address_keeps_the_filters_and_is_escaped()
    {
        var view = Of("?q=a%26b%3D&place=%22%3Cx%3E&place=y&columns=title");
        Assert.Equal("/sessions?sort=date&q=a%26b%3D&place=%22%3Cx%3E&place=y&columns=title&page=2", view.AtPage(2));
        Assert.Equal("/sessions/export?sort=date&q=a%26b%3D&place=%22%3Cx%3E&place=y&columns=title", view.At("/sessions/export"));
    }

    private static ListView Of(string query) =>
        ListView.Of(new DefaultHttpContext { Request = { Path = "/sessions", QueryString = new QueryString(query) } }.Request, "date", "tab");
}
