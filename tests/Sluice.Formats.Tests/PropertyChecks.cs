using FsCheck;
using FsCheck.Fluent;

namespace Sluice.Formats.Tests;

/// <summary>Runs properties; a fault tells the smallest case and how to repeat it, a success says nothing.</summary>
internal static class PropertyChecks
{
    /// <summary>Tries a property with some hundred random values.</summary>
    public static void Holds<T>(Gen<T> values, Action<T> property) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true), Prop.ForAll(values.ToArbitrary(), property));
}
