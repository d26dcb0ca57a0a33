namespace Sluice.Upstream;

/// <summary>What may stand in a header that is passed on.</summary>
internal static class HeaderText
{
    /// <summary>True for a value that HTTP/1.1 and HTTP/2 carry as it is: printable ASCII, blanks and tabs.</summary>
    public static bool IsPlain(string value)
    {
        foreach (char c in value)
        {
            if (c is not ('\t' or (>= ' ' and < '\x7f'))) return false;
        }
        return true;
    }
}
