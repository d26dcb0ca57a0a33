using System.Globalization;
using System.Text;
using Sluice.TestKit;

namespace Sluice.Formats.Tests.Fidelity;

/// <summary>The matrix as files: the loss report that is compared word by word, and the tables for people.</summary>
internal static class MatrixReport
{
    private const string Command = "SLUICE_WRITE_FIDELITY=1 artifacts/bin/Sluice.Formats.Tests/release/Sluice.Formats.Tests -class '*MatrixTests' -showLiveOutput";

    public static string GoldenPath { get; } = Path.Combine(RepositoryPaths.Root, "tests", "Sluice.Formats.Tests", "Fidelity", "Golden", "losses.txt");

    public static string TablePath { get; } = Path.Combine(RepositoryPaths.Root, "docs", "fidelity.md");

    /// <summary>One line a pair and feature, and one a pair and reported path.</summary>
    public static string Golden(Matrix matrix)
    {
        var text = new StringBuilder("# source > target | feature | unchanged, reported, silent\n");
        foreach (var ((source, target, feature), cell) in matrix.Cells) text.Append(CultureInfo.InvariantCulture, $"{source} > {target} | {feature} | {cell.Carried} {cell.Reported} {cell.Silent}\n");
        text.Append("\n# source > target | reported path | requests\n");
        foreach (var ((source, target, path), count) in matrix.Losses) text.Append(CultureInfo.InvariantCulture, $"{source} > {target} | {path} | {count}\n");
        text.Append("\n# source > target | refused because | requests\n");
        foreach (var ((source, target, why), count) in matrix.Refused) text.Append(CultureInfo.InvariantCulture, $"{source} > {target} | {why} | {count}\n");
        return text.ToString();
    }

    /// <summary>docs/fidelity.md.</summary>
    public static string Tables(Matrix matrix)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Fidelity

            What a request says, and what of it reaches an upstream of another format: every recorded request of `../shared/corpus` that its provider served, through every other format,
            read on both sides by small readers that know nothing of the codecs (`tests/Sluice.Formats.Tests/Fidelity`). Made by

            ```sh
            {Command}
            ```

            which also prints the tables; without the variable the same tests hold that this file and `Golden/losses.txt` are up to date.

            - `=` says the same in every recording
            - `n/m` says the same in n of m recordings; in the others what changed or was dropped is reported (`x-sluice-dropped`, `strict`)
            - `-` cannot be said there; reported every time
            - empty: no recording has it

            Earlier reasoning goes back to its own family alone; elsewhere it counts as dropped. Same-format calls carry everything and are not listed.

            The other way round no table is needed: text, reasoning, tool calls and output tokens of every recorded answer are the same for clients of every dialect, whole
            (`AnswerMatrixTests`) and streamed, and thousands of generated streams give legal bytes of every dialect (`Grammar/StreamGrammarTests`). Answers in OpenAI's dialects are valid
            by its published description (`OpenApiTests`). What readers do with spoiled bytes: `Fuzz/FuzzTests`.


            """);
        foreach (string source in Matrix.From) Table(matrix, source, text);
        text.Append("## Why\n\nReasons in the words of the report, by the format that is written. Fields of one vendor alone (\"only ... has this field\") are left out.\n");
        foreach (string target in Matrix.To)
        {
            var reasons = matrix.Reasons.Where(r => r.Key.Target == target && !r.Value.EndsWith("has this field", StringComparison.Ordinal)).GroupBy(r => r.Value).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
            if (reasons.Count == 0) continue;
            text.Append(CultureInfo.InvariantCulture, $"\n### {target}\n\n");
            foreach (var reason in reasons) text.Append(CultureInfo.InvariantCulture, $"- {string.Join(", ", reason.Select(r => $"`{r.Key.Path}`").Take(4))}: {reason.Key}\n");
        }
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Table(Matrix matrix, string source, StringBuilder text)
    {
        var targets = Matrix.To.Where(t => t != source).ToList();
        text.Append(CultureInfo.InvariantCulture, $"## From {source}\n\n| feature | {string.Join(" | ", targets)} |\n| --- |{string.Concat(targets.Select(_ => " :-: |"))}\n");
        foreach (string feature in PlainRequest.Names)
        {
            var cells = targets.Select(t => matrix.Cells.GetValueOrDefault((source, t, feature))).ToList();
            if (cells.TrueForAll(c => c is null)) continue;
            text.Append(CultureInfo.InvariantCulture, $"| {feature} | {string.Join(" | ", cells.Select(Mark))} |\n");
        }
        text.Append('\n');
    }

    private static string Mark(Cell? cell) => cell switch
    {
        null => "",
        { Reported: 0, Silent: 0 } => "=",
        { Carried: 0, Silent: 0 } => "-",
        _ => string.Create(CultureInfo.InvariantCulture, $"{cell.Carried}/{cell.Carried + cell.Reported + cell.Silent}"),
    };
}
