import io, subprocess, zipfile
from collections.abc import Sequence
import pytest, zxingcpp
from PIL import Image
from pypdf import PdfReader
from django.core.files.storage import default_storage
from django.utils import timezone
from appeals import packs, pieces, press, printing
from appeals.models import LetterFile, Pack
from appeals.packs import Choice
from cases.models import ContactChannel
from tests.factories import *
pytestmark = pytest.mark.django_db

def test_x(client, monkeypatch):
    case = make_case(number=63)
    n = make_notice(case, 2)
    for i, t in enumerate(n.targets.all()):
        t.official.name = ["Wang Jiang", "Cui Tiankai"][i]; t.official.save()
    from cases import publishing
    publishing.publish(n, by=None)
    kinds=[]
    real=press.render
    def rec(sheets, *a):
        kinds.append([s.stylesheet for s in sheets]); return real(sheets,*a)
    monkeypatch.setattr(press,"render",rec)
    import time
    for form in ("pdf","zip"):
        p = packs.ask([Choice(n.pk,t.slug,"en") for t in n.targets.all()],30,"Cercle d’été & Søn","en",LetterFile.Paper.A4,"FR",Pack.Form(form))
        t0=time.time()
        packs.make(p.pk)
        print(time.time()-t0)
        p.refresh_from_db()
        print(p.__dict__)
        print(kinds)
        data=default_storage.open(p.path).read()
        print(len(data))
        if form=="pdf":
            open("/tmp/h2/p.pdf","wb").write(data)
        else:
            z=zipfile.ZipFile(io.BytesIO(data))
            for i in z.infolist(): print(i.filename,i.file_size,i.compress_size,len(PdfReader(io.BytesIO(z.read(i.filename))).pages))
    one=pieces.make(packs.pieces_of(p)[0]).content
    print("one",len(one))
    pages=subprocess.run(["pdftotext","-layout","/tmp/h2/p.pdf","-"],capture_output=True,text=True).stdout.split("\f")
    print(len(pages)); print(pages[0]); print(pages[1]); print(pages[31][:300]); print(pages[61])
    png=subprocess.run(["pdftoppm","-r","150","-png","-f","1","-l","1","/tmp/h2/p.pdf"],capture_output=True).stdout
    open("/tmp/h2/p.png","wb").write(png)
    for b in zxingcpp.read_barcodes(Image.open(io.BytesIO(png))): print(b.text); u=b.text
    r=client.get(u.removeprefix("http://testserver"))
    import re
    print(re.findall(r"<input[^>]*>|<option[^>]*selected[^>]*>",r.content.decode()))
