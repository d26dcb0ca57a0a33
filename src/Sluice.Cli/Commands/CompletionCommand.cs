using System.CommandLine;
using Sluice.Cli.Output;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice completion SHELL</c>: a script that completes commands, options and names as they are configured.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            # sluice completion for bash: eval "$(sluice completion bash)"
            _sluice_complete() {
              local line=${COMP_LINE:0:COMP_POINT} IFS=$'\n'
              local word=${line##*[[:space:]]}
              COMPREPLY=($("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null | grep -v -e '^/' -e '^-.$'))
              COMPREPLY=($(compgen -W "${COMPREPLY[*]}" -- "$word"))
              # Bash takes 'local/qwen2.5:7b' for several words and puts in the last one only.
              local head=${word%"${word##*:}"}
              [[ $COMP_WORDBREAKS == *:* ]] && COMPREPLY=("${COMPREPLY[@]#"$head"}")
              # A model's name follows 'openai/' with no space between.
              [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]] && compopt -o nospace
            }
            complete -o default -F _sluice_complete sluice ./sluice

            """,
        ["zsh"] = """
            #compdef sluice
            # sluice completion for zsh: eval "$(sluice completion zsh)" after compinit
            _sluice() {
              local line="${words[1,CURRENT]}"
              local -a found
              found=(${(f)"$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null | grep -v -e '^/' -e '^-.$')"})
              compadd -- $found || _files
            }
            compdef _sluice sluice ./sluice

            """,
        ["fish"] = """
            # sluice completion for fish: sluice completion fish > ~/.config/fish/completions/sluice.fish
            function __sluice_complete
              set -l line (commandline -cp)
              sluice "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -rv '^(/|-.$)'
              or __fish_complete_path (commandline -ct)
            end
            complete -c sluice -f -a '(__sluice_complete)'

            """,
        ["pwsh"] = """
            # sluice completion for PowerShell: sluice completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName sluice -ScriptBlock {
              param($word, $ast, $cursor)
              $line = $ast.ToString().PadRight($cursor)
              & sluice "[suggest:$cursor]" $line 2>$null | Where-Object { $_ -like "$word*" -and $_ -notlike '/*' } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }

            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh" };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print a script that makes a shell complete sluice's commands, options, routes and providers.")
            .WithExamples("eval \"$(sluice completion bash)\"    # in ~/.bashrc", "eval \"$(sluice completion zsh)\"     # in ~/.zshrc, after compinit", "sluice completion fish > ~/.config/fish/completions/sluice.fish", "sluice completion pwsh | Out-String | Invoke-Expression");
        command.Arguments.Add(shell);
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(Scripts[parsed.GetValue(shell)!]));
        return command;
    }
}
