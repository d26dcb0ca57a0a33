namespace Sluice.Engine;

/// <summary>Is told of calls. Must not throw and must not wait.</summary>
public interface ICallObserver
{
    /// <summary>A call has ended, well or not.</summary>
    void Completed(CallRecord call);
}
