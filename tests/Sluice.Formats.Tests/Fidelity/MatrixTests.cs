using Sluice.TestKit;

namespace Sluice.Formats.Tests.Fidelity;

/// <summary>Nothing that a recorded request says is lost in silence between two formats. <c>SLUICE_WRITE_FIDELITY=1</c> writes the report and the tables anew and prints them.</summary>
public sealed class MatrixTests(ITestOutputHelper output)
{
    private static readonly bool Writes = Environment.GetEnvironmentVariable("SLUICE_WRITE_FIDELITY") is "1";

    private static readonly Lazy<Matrix> Result = new(Matrix.Run);

    [Fact]
    public void Requests_ThroughEveryOtherFormat_LoseNothingInSilence()
    {
        SkipWithoutRecordings();

        Result.Value.Silent.ShouldBeEmpty();
    }

    [Fact]
    public void LossReport_OfEveryPair_IsTheGoldenOne()
    {
        SkipWithoutRecordings();
        Hold(MatrixReport.GoldenPath, MatrixReport.Golden(Result.Value));
    }

    [Fact]
    public void Tables_InTheDocumentation_AreUpToDate()
    {
        SkipWithoutRecordings();
        string tables = MatrixReport.Tables(Result.Value);
        if (Writes) output.WriteLine(tables);
        Hold(MatrixReport.TablePath, tables);
    }

    private static void SkipWithoutRecordings() => Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings are not beside the checkout");

    private static void Hold(string path, string text)
    {
        if (Writes) File.WriteAllText(path, text);
        File.ReadAllText(path).ReplaceLineEndings("\n").ShouldBe(text, $"{path} is out of date: run with SLUICE_WRITE_FIDELITY=1 and read what changed");
    }
}
