import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// The attract page on a panel that stands.
PageBase {
    id: root

    Rectangle {
        anchors.fill: parent
        color: Theme.paper
    }
    Mountains {
        height: parent.height
        name: "mountains-portrait"
        natural: 1080 / 1400
        width: parent.width
        shift: Math.min(0, foot.y + 130 - 1400 * width / 1080 + 60)
    }
    Rectangle {
        color: Theme.paper
        height: parent.height
        topLeftRadius: 48
        topRightRadius: 48
        width: parent.width
        y: foot.y + 56
    }
    Pressable {
        Accessible.ignored: true
        anchors.fill: parent
        focusPolicy: Qt.NoFocus
        objectName: "anywhere"

        onClicked: Flow.begin()
    }
    StaffCorner {
        x: 56
        y: 56

        contentItem: BureauMark {}

        onTouched: Flow.begin()
    }
    Column {
        anchors.right: parent.right
        anchors.rightMargin: 56
        y: 46

        Txt {
            anchors.right: parent.right
            font.pixelSize: 64
            leading: 1.2
            strong: true
            text: Moment.time
            wrapMode: Text.NoWrap
        }
        Txt {
            anchors.right: parent.right
            color: Theme.inkMuted
            font.pixelSize: 26
            text: Moment.date
            wrapMode: Text.NoWrap
        }
    }
    AttractTitle {
        anchors.right: parent.right
        anchors.rightMargin: 56
        page: root.page
        width: implicitWidth
        y: 174
    }
    ColumnLayout {
        id: foot

        anchors.bottom: parent.bottom
        anchors.bottomMargin: 40
        anchors.left: parent.left
        anchors.leftMargin: Sizes.margin
        anchors.right: parent.right
        anchors.rightMargin: Sizes.margin
        spacing: 0

        StartButton {
            Layout.bottomMargin: 8
            Layout.fillWidth: true
            objectName: "begin"

            onClicked: Flow.begin()
        }
        RowLayout {
            Layout.bottomMargin: 20
            Layout.fillWidth: true
            Layout.topMargin: 40
            spacing: 24

            Txt {
                font.pixelSize: 30
                strong: true
                text: Words.t["attract.now"]
                wrapMode: Text.NoWrap
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: 26
                horizontalAlignment: Text.AlignRight
                text: root.page.note
            }
        }
        NowStrip {
            Layout.fillWidth: true
            columns: Math.max(1, Math.min(4, root.page.marks.length))
            marks: root.page.marks
            visible: root.page.marks.length > 0
        }
        AttractKeys {
            Layout.fillWidth: true
            Layout.topMargin: 48
        }
    }
}
