using System.CommandLine;
using System.Text.RegularExpressions;
using Slipway.Images;

namespace Slipway.Cli.Cluster;

/// <summary>The name of a Delivery on the command line. What cannot be one, such as a flag that was mistyped, is not asked for.</summary>
internal static partial class DeliveryArgument
{
    private const int Longest = 253;

    /// <summary>Whether an argument was made here, so that names of Deliveries complete it.</summary>
    public static bool IsOne(Argument argument) => argument is DeliveryName<string>;

    public static Argument<string> One() => Checked(new DeliveryName<string>("name") { Description = "the Delivery" });

    public static Argument<string?> Any(string description = "one Delivery; default: all of the namespace") =>
        Checked(new DeliveryName<string?>("name") { Description = description, Arity = ArgumentArity.ZeroOrOne });

    private sealed class DeliveryName<T>(string name) : Argument<T>(name);

    private static TArgument Checked<TArgument>(TArgument argument)
        where TArgument : Argument
    {
        argument.Validators.Add(result =>
        {
            foreach (var name in result.Tokens.Select(token => token.Value).Where(name => name.Length > Longest || !Name.IsMatch(name)))
            {
                result.AddError(
                    $"{UntrustedText.Quote(name)} is neither a flag nor a name of a Delivery; names have lower-case letters, digits, hyphens and dots");
            }
        });
        return argument;
    }

    // RFC 1123 subdomain, as the API server checks it.
    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex Name { get; }
}
