using System.CommandLine;

namespace Slipway.Cli.CommandLine;

/// <param name="lesson">Examples and what else a newcomer should know: its help ends with it.</param>
internal sealed class Verb(string name, string description, string lesson) : Command(name, description)
{
    public string Lesson { get; } = lesson;
}
