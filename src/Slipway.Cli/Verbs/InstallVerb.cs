using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Install;
using Slipway.Cli.Output;
using Slipway.Configuration;
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
          slipway install --config slipway.yaml --secret receivers | kubectl apply -f -
              with registries, receivers and image policies; the keys of the Secret receivers
              are files in /etc/slipway/secrets/receivers
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
        var configuration = new Option<FileInfo?>("--config")
        {
            Description = "a configuration file for the controller: it is checked, and becomes a ConfigMap",
            HelpName = "file",
        };
        var secrets = new Option<string[]>("--secret")
        {
            Description = $"a Secret whose keys become files in {ControllerWorkload.SecretsDirectory}/<name>; repeatable",
            HelpName = "name",
        };
        ns.Validators.Add(ShouldBeName);
        secrets.Validators.Add(ShouldBeNames);
        watched.Validators.Add(ShouldBeName);
        image.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !ImageReference.TryParse(text, out _, out var error))
            {
                result.AddError($"--image: {error}");
            }
        });

        var command = new Verb("install", "Print all that a cluster needs to run Slipway, as YAML for kubectl apply.", Lesson) { ns, image, watched, configuration, secrets };
        command.SetAction(parse => surroundings.Out.Write(YamlText.OfMany(Installation.Of(new InstallOptions(
            parse.GetValue(ns)!, parse.GetValue(image)!, parse.GetValue(watched), Checked(parse.GetValue(configuration)), [.. (parse.GetValue(secrets) ?? []).Distinct()])))));
        return command;
    }

    // A file that the controller would refuse is refused here, where somebody reads it.
    private static string? Checked(FileInfo? file)
    {
        if (file is null)
        {
            return null;
        }

        ConfigurationFile.Read(file.FullName);
        return File.ReadAllText(file.FullName);
    }

    // DNS labels: each is part of a volume's name, too.
    private static void ShouldBeNames(OptionResult result)
    {
        foreach (var name in result.Tokens.Select(token => token.Value).Where(name => name.Length > 50 || !NamespaceName.IsMatch(name)))
        {
            result.AddError($"--secret: {UntrustedText.Quote(name)} is no name that can be mounted; use lower-case letters, digits and hyphens, at most 50");
        }
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
