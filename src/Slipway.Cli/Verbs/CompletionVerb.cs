using System.CommandLine;
using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway completion SHELL</c>, and <c>slipway __complete WORDS</c>, which the scripts and kubectl ask.</summary>
internal static class CompletionVerb
{
    private const string Lesson =
        """
        It completes verbs, flags, and names of Deliveries and namespaces from the cluster.

        Examples:
          source <(slipway completion bash)                                # this shell; in ~/.bashrc: every one
          slipway completion zsh > "${fpath[1]}/_slipway"
          slipway completion fish > ~/.config/fish/completions/slipway.fish

        As a plugin of kubectl: put links to slipway named kubectl-slipway and kubectl_complete-slipway on the
        PATH. 'kubectl slipway' then works, and kubectl's own completion asks the second one.
        """;

    private const string Bash =
        """
        # bash completion of slipway
        _slipway() {
          local words reply
          words=("${COMP_WORDS[@]:1:COMP_CWORD}")
          reply=$("${COMP_WORDS[0]}" __complete -- "${words[@]}" 2>/dev/null) || return
          mapfile -t COMPREPLY < <(printf '%s\n' "$reply" | grep -v '^:')
        }
        complete -o default -F _slipway slipway
        """;

    private const string Zsh =
        """
        #compdef slipway
        _slipway() {
          local -a reply
          reply=("${(@f)$("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null | grep -v '^:')}")
          compadd -a reply
        }
        if [ "$funcstack[1]" = "_slipway" ]; then _slipway "$@"; else compdef _slipway slipway; fi
        """;

    private const string Fish =
        """
        # fish completion of slipway
        function __slipway_complete
          set -l words (commandline -opc) (commandline -ct)
          slipway __complete -- $words[2..-1] 2>/dev/null | string match -v ':*'
        end
        complete -c slipway -f -a '(__slipway_complete)'
        """;

    public static Command Create(Surroundings surroundings)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish", HelpName = "bash|zsh|fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Verb("completion", "Print a script that lets a shell complete slipway's words.", Lesson) { shell };
        command.SetAction(parse =>
        {
            surroundings.Out.WriteLine(parse.GetValue(shell) switch { "zsh" => Zsh, "fish" => Fish, _ => Bash });
            return ExitCode.Ok;
        });
        return command;
    }
}
