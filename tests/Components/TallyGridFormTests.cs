using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Guichet.Components;

public sealed class TallyGridFormTests
{
    private static readonly TallyGridModel Model = new(
        [new("or", "Carré or", 400, [new("n", "Normal", 5500), new("r", "Réduit", 4500)])],
        [new("web", "Internet"), new("fnac", "Fnac")],
        "EUR");

    [Fact]
    public void Cells_become_lines_with_numbers_as_people_type_them()
    {
        var (lines, refused) = TallyGridForm.Read(Form(("sold|or|n|web", "1 234"), ("gross|or|n|web", "1.234,50"), ("free|or|r|fnac", "3")), Model);
        Assert.Empty(refused);
        Assert.Equal(
            [new TallyGridLine("or", "n", "web", 1_234, 0, 0, 123_450), new TallyGridLine("or", "r", "fnac", 0, 0, 3, null)],
            lines);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-3")]
    [InlineData("1,5")]
    [InlineData("=1+1")]
    public void A_cell_that_is_no_count_is_refused_by_name(string typed)
    {
        var (_, refused) = TallyGridForm.Read(Form(("sold|or|n|web", typed)), Model);
        Assert.Equal([("sold|or|n|web", typed)], refused);
    }

    [Fact]
    public void Empty_cells_and_cells_of_axes_that_are_gone_say_nothing()
    {
        var (lines, refused) = TallyGridForm.Read(Form(("sold|or|n|web", " "), ("sold|gone|n|web", "12"), ("sold|or|n", "1")), Model);
        Assert.Empty(lines);
        Assert.Empty(refused);
    }

    private static FormCollection Form(params (string Name, string Value)[] cells) =>
        new(cells.ToDictionary(cell => cell.Name, cell => new StringValues(cell.Value)));
}
