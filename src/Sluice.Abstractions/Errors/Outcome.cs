using System.Diagnostics.CodeAnalysis;

namespace Sluice.Errors;

/// <summary>A value or the reason why there is none.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly struct Outcome<T>
    where T : class
{
    internal Outcome(T? value, GatewayError? error) => (Value, Error) = (value, error);

    /// <summary>The value; <see langword="null"/> on failure.</summary>
    public T? Value { get; }

    /// <summary>The failure; <see langword="null"/> on success.</summary>
    public GatewayError? Error { get; }

    /// <summary>Tells which of the two it is.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>Wraps a value.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>Wraps a failure.</summary>
    public static implicit operator Outcome<T>(GatewayError error) => new(null, error);
}

/// <summary>Makes outcomes where no conversion can: of interface types.</summary>
public static class Outcome
{
    /// <summary>Wraps a value.</summary>
    public static Outcome<T> Of<T>(T value)
        where T : class => new(value, null);
}
