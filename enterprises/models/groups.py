"""Lists that several kinds of rows about declarations share."""

from django.db import models


class AboveScaleGroup(models.TextChoices):
    """The group of 四上 that an enterprise falls into once it is large enough."""

    INDUSTRY = "industry", "规上工业"
    CONSTRUCTION = "construction", "资质建筑业"
    TRADE = "trade", "限上批零"
    CATERING = "catering", "限上住餐"
    REAL_ESTATE = "real_estate", "房地产"
    SERVICE = "service", "规上服务业"
    LOCAL = "local", "一新企业"


class Route(models.TextChoices):
    """申报类型: by which way an enterprise enters the library."""

    NEW = "new", "新开业（投产）"
    GROWN = "grown", "规下升规上"
    REFORMED = "reformed", "改制、合并、拆分"


class ExitCause(models.TextChoices):
    """退库原因, as the yearly audit knows them; no source names a grace period."""

    SHRUNK = "shrunk", "未达规模标准"
    CLOSED = "closed", "破产、注销或吊销"
    SUSPENDED = "suspended", "停业、歇业"
    REFORMED = "reformed", "改制、合并、拆分"
    WRONG = "wrong", "单位界定错误"
    OTHER = "other", "其他"
