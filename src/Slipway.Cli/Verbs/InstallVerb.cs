using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Install;
using Slipway.Cli.Output;
using Slipway.Images;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway install</c></summary>
internal static partial class InstallVerb
{
    private const string Lesson =
        """
        It prints, and asks no cluster: read it first, or keep it in git. In order: the namespace, the
        definitions of Delivery and Release, a service account with the least it needs, the controller and
        its Service. A registry may tell of pushes at http://slipway.slipway-system/webhooks/distribution
        once the Secret slipway-webhook has a token for it to send.

        Examples:
          slipway install | kubectl apply -f -
          slipway install --watch-namespace prod | kubectl apply -f -    may touch nothing outside of prod
          kubectl create secret generic slipway-webhook -n slipway-system --from-literal=token="$(openssl rand -hex 32)"
          slipway install --image registry.example/slipway:1.0 > slipway.yaml
        """;

    public static Command Create(Surroundings surroundings)
    {
        var ns = new Option<string>("--namespace", "-n")
        {
            Description = "where the controller runs",
            HelpName = "name",
            DefaultValueFactory = _ => "slipway-system",
        };
        var image = new Option<string>("--image")
        {
            Description = "the controller's image",
            HelpName = "reference",
            DefaultValueFactory = _ => $"ghcr.io/slipway-dev/slipway:{ProductVersion.Text}",
        };
        var watched = new Option<string?>("--watch-namespace")
        {
            Description = "look after the Deliveries of this namespace only, with a Role there instead of a ClusterRole",
            HelpName = "name",
        };
        ns.Validators.Add(ShouldBeName);
        watched.Validators.Add(ShouldBeName);
        image.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !ImageReference.TryParse(text, out _, out var error))
            {
                result.AddError($"--image: {error}");
            }
        });

        var command = new Verb("install", "Print all that a cluster needs to run Slipway, as YAML for kubectl apply.", Lesson) { ns, image, watched };
        command.SetAction(parse => surroundings.Out.Write(YamlText.OfMany(
            Installation.Of(new InstallOptions(parse.GetValue(ns)!, parse.GetValue(image)!, parse.GetValue(watched))))));
        return command;
    }

    // A name that the server refuses would be found out in the middle of kubectl apply.
    private static void ShouldBeName(OptionResult result)
    {
        if (result.GetValueOrDefault<string>() is { } name && !NamespaceName.IsMatch(name))
        {
            var what = $"{result.IdentifierToken?.Value}: {UntrustedText.Quote(name)}";
            result.AddError($"{what} is no name of a namespace; use lower-case letters, digits and hyphens, at most 63");
        }
    }

    // RFC 1123 label, as the API server checks it.
    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex NamespaceName { get; }
}
