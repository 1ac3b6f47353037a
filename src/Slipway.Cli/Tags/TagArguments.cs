using System.CommandLine;
using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Cli.Tags;

/// <summary>Tags and digests on the command line, checked before anything is asked.</summary>
internal static class TagArguments
{
    public static Argument<string> Reference(string name, string description) =>
        Checked(new Argument<string>(name) { Description = description }, text => ReferenceGrammar.IsTag(text) || ContentDigest.IsValid(text), "neither a tag nor a digest");

    public static Argument<string[]> Tags(string description) =>
        Checked(new Argument<string[]>("tags") { Description = description, Arity = ArgumentArity.OneOrMore, HelpName = "tag" }, text => ReferenceGrammar.IsTag(text), "no tag");

    public static Option<string?> Digest(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "digest" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !Images.Digest.TryValidate(text, out var error))
            {
                result.AddError($"{name}: {error}");
            }
        });
        return option;
    }

    private static TArgument Checked<TArgument>(TArgument argument, Func<string, bool> fits, string what)
        where TArgument : Argument
    {
        argument.Validators.Add(result =>
        {
            foreach (var text in result.Tokens.Select(token => token.Value).Where(text => !fits(text)))
            {
                result.AddError($"{UntrustedText.Quote(text)} is {what}; tags have letters, digits, underscores, dots and hyphens");
            }
        });
        return argument;
    }
}
