using Slipway.Cli.Output;

namespace Slipway.Tests.Cli.Output;

public sealed class TableTests
{
    private static string Text(Palette palette)
    {
        var table = new Table("NAME", "READY", "AGE");
        table.Add("shop", new Cell("True", Tone.Good), "5m");
        table.Add("a-long-name", null, "");
        var writer = new StringWriter { NewLine = "\n" };
        table.Write(writer, palette);
        return writer.ToString();
    }

    [Fact]
    public void Columns_are_as_wide_as_their_widest_cell_and_an_empty_cell_is_a_dash() => Assert.Equal(
        """
        NAME          READY   AGE
        shop          True    5m
        a-long-name   -       -

        """,
        Text(Palette.None));

    [Fact]
    public void Colours_do_not_move_the_columns()
    {
        var painted = Text(new Palette(colours: true));

        Assert.Contains("\e[32mTrue\e[0m    5m", painted, StringComparison.Ordinal);
        Assert.Equal(Text(Palette.None), painted.Replace("\e[32m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal));
    }
}
