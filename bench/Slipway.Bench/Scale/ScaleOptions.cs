using System.Collections.Immutable;
using System.Globalization;

namespace Slipway.Bench.Scale;

/// <summary>What <c>scale</c> is asked to measure.</summary>
/// <param name="Program">The published <c>slipway</c>: what is measured is a process of its own, compiled ahead of time.</param>
/// <param name="Sizes">Deliveries; two follow each repository.</param>
/// <param name="Idle">How long nothing happens while the idle figures are taken.</param>
/// <param name="Kubeconfig">Of a real API server with nothing of value on it; null: the sandbox.</param>
internal sealed record ScaleOptions(string Program, ImmutableArray<int> Sizes, TimeSpan Idle, string? Kubeconfig)
{
    public const string Usage =
        """
        usage: dotnet run -c Release --project bench/Slipway.Bench -- scale --slipway FILE [--deliveries N,N,...] [--idle SECONDS] [--kubeconfig FILE]
          --slipway     the published program: dotnet publish src/Slipway.Cli -c Release -o DIR, then DIR/slipway
          --deliveries  default: 100,1000,10000
          --idle        default: 120
          --kubeconfig  of a real API server on which namespaces and definitions may be made and stay; default: the sandbox
        """;

    /// <returns>Null where the arguments cannot be read.</returns>
    public static ScaleOptions? Read(ReadOnlySpan<string> arguments)
    {
        var options = new ScaleOptions("", [100, 1_000, 10_000], TimeSpan.FromSeconds(120), null);
        for (var index = 0; index + 1 < arguments.Length; index += 2)
        {
            var value = arguments[index + 1];
            var read = arguments[index] switch
            {
                "--slipway" => options with { Program = value },
                "--deliveries" => ReadSizes(value) is { IsEmpty: false } sizes ? options with { Sizes = sizes } : null,
                "--idle" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? options with { Idle = TimeSpan.FromSeconds(seconds) } : null,
                "--kubeconfig" => options with { Kubeconfig = value },
                _ => null,
            };
            if (read is null)
            {
                return null;
            }

            options = read;
        }

        return arguments.Length % 2 == 0 && File.Exists(options.Program) ? options : null;
    }

    private static ImmutableArray<int> ReadSizes(string text)
    {
        var sizes = ImmutableArray.CreateBuilder<int>();
        foreach (var word in text.Split(','))
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size < 2)
            {
                return [];
            }

            sizes.Add(size);
        }

        return sizes.ToImmutable();
    }
}
