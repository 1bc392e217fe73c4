"""The Identity Engine: `/idp/idx/*`, by remediations in ION (facts/identity).

A transaction stands on a screen; `remediations` says in one table what is offered on which screen,
and each remediation says in one module what its form looks like and what taking it does. Left out:
Duo, RSA, Symantec VIP, YubiKey OTP, smart cards, CAPTCHA, device assurance, safe mode.
"""
