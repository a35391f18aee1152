"""What people and their roles are called."""

from flask_babel import lazy_gettext

from server.people.models import Person, Role

ROLE_WORDS = {
    Role.REP: lazy_gettext("片区负责人"),
    Role.SUPERVISOR: lazy_gettext("市场主管"),
    Role.MANAGER: lazy_gettext("部门经理"),
    Role.OPS: lazy_gettext("运维部"),
    Role.SERVICE: lazy_gettext("客服部"),
    Role.PAYROLL: lazy_gettext("薪酬"),
    Role.ADMIN: lazy_gettext("管理员"),
}


def role_words(person: Person) -> str:
    """The person's roles in words, in the order of RULEBOOK §1."""
    return " · ".join(str(words) for role, words in ROLE_WORDS.items() if person.holds(role))
