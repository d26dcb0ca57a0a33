namespace Sluice.Engine.Buffers;

/// <summary>The room that one growing buffer takes. Mutable, and meant to be a field.</summary>
/// <param name="account">Whose buffer it is; <see langword="null"/> for one that nobody counts.</param>
internal struct BufferClaim(BufferAccount? account)
{
    private long _claimed;

    /// <summary>Claims what a buffer of this size takes; false where there is no room, and the claim is as it was.</summary>
    public bool TrySet(long size)
    {
        long wanted = size > BufferBudget.Free ? size : 0;
        if (account is null || wanted == _claimed) return true;
        if (wanted < _claimed) account.Give(_claimed - wanted);
        else if (!account.TryTake(wanted - _claimed)) return false;
        _claimed = wanted;
        return true;
    }
}
