using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Cli.Schemas;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway crds</c></summary>
internal static class CrdsVerb
{
    private const string Lesson =
        """
        Example:
          slipway crds | kubectl apply -f -     'slipway install' has them too; this is for those who keep them apart
        """;

    public static Command Create(Surroundings surroundings)
    {
        var command = new Verb("crds", "Print the definitions of Delivery and Release.", Lesson);
        command.SetAction(_ => surroundings.Out.Write(YamlText.OfMany(CustomResources.All)));
        return command;
    }
}
