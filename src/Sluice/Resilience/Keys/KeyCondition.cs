namespace Sluice.Resilience.Keys;

/// <summary>What a provider's key is good for now.</summary>
public enum KeyCondition
{
    /// <summary>It is used.</summary>
    Good,

    /// <summary>It is limited for at least one model and rests there until the provider's reset.</summary>
    Resting,

    /// <summary>The provider refused it, or its account is out of credit: set aside, and tried again after a while or after a reload.</summary>
    Refused,
}
